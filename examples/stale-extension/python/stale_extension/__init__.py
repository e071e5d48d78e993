from ._native import greet as greet
