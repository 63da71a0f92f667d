#!/usr/bin/env node
import "../dist/bin/strun.js";
