"""Builders of rewrites and questions: from a flag and the draft's own words to a proposal.

A rewrite is a minimal edit. Where no edit is sure to be grammatical there is none, and the
question alone stands.
"""
