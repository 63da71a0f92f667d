"""The reference implementation's `strun`, with references from the JSON file that CALWEBB_REFERENCES names."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import peer  # noqa: E402

if __name__ == "__main__":
    file = os.environ.get("CALWEBB_REFERENCES")
    if file:
        base = Path(file).resolve().parent
        for type_, name in json.loads(Path(file).read_text()).items():
            peer.references[type_] = name if name == "N/A" else str(base / name)
    from stpipe._cli.strun import main

    sys.argv[0] = "strun"
    sys.exit(main())
