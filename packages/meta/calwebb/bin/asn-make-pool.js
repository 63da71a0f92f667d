#!/usr/bin/env node
import "@calwebb/cli/bin/asn-make-pool";
