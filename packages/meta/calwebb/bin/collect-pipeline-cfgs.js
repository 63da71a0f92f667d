#!/usr/bin/env node
import "@calwebb/cli/bin/collect-pipeline-cfgs";
