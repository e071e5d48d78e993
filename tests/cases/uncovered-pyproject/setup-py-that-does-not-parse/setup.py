setup(ext_modules=[Extension("fast._fast", ["fast/fast.c")
"""
