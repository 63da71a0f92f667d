"""The Python reference implementation without network: references come from a table, dates are frozen."""

import os
import tempfile

os.environ["STPIPE_DISABLE_CRDS_STEPPARS"] = "true"
os.environ["CRDS_CONTEXT"] = "jwst_0000.pmap"
os.environ.setdefault("CRDS_PATH", os.path.join(tempfile.gettempdir(), "calwebb_truth_crds"))
os.environ["CRDS_SERVER_URL"] = "https://invalid.invalid"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import stpipe.crds_client as crds_client  # noqa: E402
from stdatamodels.jwst.datamodels import model_base  # noqa: E402

references = {}  # reference type -> absolute path, for look-ups that no override answers

crds_client.get_multiple_reference_paths = lambda parameters, types, observatory: {t: references.get(t, "N/A") for t in types}
crds_client.get_reference_file = lambda parameters, type_, observatory: references.get(type_, "N/A")
crds_client.reference_uri_to_cache_path = lambda uri, observatory: next(p for p in references.values() if os.path.basename(p) == uri.split("/")[-1])
crds_client.check_reference_open = lambda path: path
crds_client.get_context_used = lambda observatory: "jwst_0000.pmap"
crds_client.get_svn_version = lambda: "0.0.0"


class _FrozenTime:
    isot = "2026-01-01T00:00:00.000"

    @staticmethod
    def now():
        return _FrozenTime


model_base.Time = _FrozenTime
