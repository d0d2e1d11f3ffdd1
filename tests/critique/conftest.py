from tests.endpoint import elsewhere, endpoint, fake_model, say, untrusted, unused_url

__all__ = ["elsewhere", "endpoint", "fake_model", "say", "untrusted", "unused_url"]
