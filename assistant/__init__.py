"""Reviews OKRs against strategy, parents and peers."""
