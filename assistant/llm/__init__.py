"""Asks language models: any OpenAI-compatible endpoint, with limits, prices and a cache."""
