#!/usr/bin/env node
import "../dist/bin/simulate.js";
