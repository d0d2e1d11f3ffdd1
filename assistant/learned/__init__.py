"""Small trained heads on the embedding and on what parsing says."""
