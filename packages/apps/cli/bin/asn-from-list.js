#!/usr/bin/env node
import "../dist/bin/asn-from-list.js";
