#!/usr/bin/env node
import "@calwebb/cli/bin/asn-gather";
