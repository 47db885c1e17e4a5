"""Evaluation: does `kept` predict who comes back (`backtest`), and what does it cost to buy influence (`attack`)?"""
