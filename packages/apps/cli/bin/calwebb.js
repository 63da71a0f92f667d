#!/usr/bin/env node
import "../dist/bin/calwebb.js";
