"""Reusable Textual widgets: they draw what they are handed, and speak by messages."""

from __future__ import annotations

from .terminal import Terminal

__all__ = ["Terminal"]
