# One verb a chore. Everything lives in .venv; no other state outside the checkout.
