#!/usr/bin/env node
import "../dist/bin/collect-pipeline-cfgs.js";
