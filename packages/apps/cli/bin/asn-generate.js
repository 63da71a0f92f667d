#!/usr/bin/env node
import "../dist/bin/asn-generate.js";
