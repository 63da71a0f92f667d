#!/usr/bin/env node
import "../dist/bin/stspec.js";
