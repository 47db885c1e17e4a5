"""Backtest: does `kept` predict the next window better than rank does, on this very record?"""
