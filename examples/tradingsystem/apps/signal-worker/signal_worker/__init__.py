"""Turns Telegram messages and market data into trading signals."""

__version__ = "0.7.3"
