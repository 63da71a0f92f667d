#!/usr/bin/env node
import "../dist/bin/asn-make-pool.js";
