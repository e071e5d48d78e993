from maturin import *
import helper
