from setuptools import Extension, setup

setup(ext_modules=[Extension("fast._fast", ["src/fast/fast.c"])])
