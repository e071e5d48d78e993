import maturin
from shim_parts.flags import FLAGS
