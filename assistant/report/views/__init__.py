"""What the pictures and tables of a scan show, worked out from the scan: pure, no markup."""
