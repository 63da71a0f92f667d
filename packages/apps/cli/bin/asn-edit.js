#!/usr/bin/env node
import "../dist/bin/asn-edit.js";
