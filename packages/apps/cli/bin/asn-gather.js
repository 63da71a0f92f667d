#!/usr/bin/env node
import "../dist/bin/asn-gather.js";
