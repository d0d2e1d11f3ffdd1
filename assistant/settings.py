"""Settings, read once at the edge from the environment and an ``okr.toml`` file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import ConfigurationError
from assistant.models import EVERYONE, Noun


class Ignore(Noun):
    """One ``[[ignore]]`` of ``okr.toml``: which findings are not shown, and why."""

    rule: str = Field(description="code or slug")
    reason: str = Field("", description="why; without one it is not applied")
    team: str | None = Field(None, description="only this team's findings; unset means all")


class Settings(BaseSettings):
    """Everything that can be configured. Environment beats ``okr.toml`` beats the default."""

    model_config = SettingsConfigDict(
        env_prefix="OKR_", toml_file="okr.toml", frozen=True, extra="forbid"
    )

    home: Path = Field(Path(".okr"), description="folder of the index and the history")
    corpus: Path = Field(Path("corpus"), description="folder of OKRs and strategy documents")
    audience: str = Field(
        EVERYONE, description="audiences whose documents you may see, separated by commas"
    )

    embedder: Literal["onnx", "sentence-transformers", "http"] = Field(
        "onnx", description="what turns text into vectors"
    )
    embedding_model: str | None = Field(
        None, description="model name or path for sentence-transformers and http embedders"
    )
    embedding_base_url: str | None = Field(None, description="OpenAI-compatible embeddings URL")
    embedding_api_key: SecretStr | None = Field(None, description="key for the embeddings URL")
    chroma_url: str | None = Field(
        None, description="URL of a Chroma server; unset means embedded in the home folder"
    )

    llm_base_url: str | None = Field(None, description="OpenAI-compatible endpoint of the critic")
    llm_model: str | None = Field(None, description="model name that the endpoint knows")
    llm_api_key: SecretStr | None = Field(None, description="key for the endpoint, if it wants one")
    llm_timeout: float = Field(60.0, gt=0, description="seconds that one call may take")
    llm_max_tokens: int = Field(2000, gt=0, description="longest answer in tokens")
    llm_concurrency: int = Field(4, gt=0, description="questions that may be under way at once")
    llm_strategy: Literal["auto", "full", "narrow"] = Field(
        "auto",
        description="full asks for a whole critique, narrow for many yes or no answers, as small "
        "models need; auto decides by what `okr doctor --llm` found",
    )
    llm_review_calls: int | None = Field(
        None, gt=0, description="requests that one review may make; unset means no limit"
    )
    llm_review_tokens: int | None = Field(
        None, gt=0, description="tokens that one review may take, read and written together"
    )
    llm_review_cost: float | None = Field(
        None, gt=0, description="US dollars that the calls of one review may cost"
    )
    llm_review_seconds: float | None = Field(
        180.0, gt=0, description="seconds that the language model may take of one review"
    )
    llm_price_input: float | None = Field(
        None, ge=0, description="US dollars for a million tokens read, before the list of prices"
    )
    llm_price_output: float | None = Field(
        None, ge=0, description="US dollars for a million tokens written"
    )
    llm_cache: bool = Field(
        True, description="keep answers in the home folder, so that nothing is asked twice"
    )
    llm_recorded: bool = Field(
        False, description="answer from what is kept alone; what is not kept is an error"
    )
    llm_log: Literal["off", "json"] = Field(
        "off",
        description="json writes a line to standard error for each call: names, tokens, cost, "
        "seconds, never texts",
    )
    llm_prompt: str = Field("critique", description="prompt in prompts/, NAME or NAME.vN")
    llm_context_tokens: int = Field(
        800, ge=0, description="room for parents, peers and strategy in a prompt, in tokens"
    )
    llm_self_check: bool = Field(
        False, description="let the model look at its own findings once more"
    )

    profile: str = Field(
        "default", description="which rules are on and how grave: a name or a YAML file"
    )
    ignore: tuple[Ignore, ...] = Field(
        (), description="findings not to show: [[ignore]] in okr.toml with rule, reason and team"
    )
    history: bool = Field(
        True, description="remember dismissals and which findings were shown, in the home folder"
    )

    max_input_mb: float = Field(20.0, gt=0, description="largest file that is read, in megabytes")

    session_hours: float = Field(
        12.0, gt=0, description="hours after which one has to sign in to the web app again"
    )
    web_hosts: str = Field(
        "", description="names by which the web app is reached, where nobody has to sign in to it"
    )
    proxy_address: str | None = Field(
        None, description="addresses or networks of proxies before the web app, by commas"
    )
    proxy_user_header: str | None = Field(
        None, description="header in which such a proxy says who is signed in"
    )
    proxy_groups_header: str | None = Field(
        None, description="header with their groups: audiences, okr-office and okr-admin"
    )
    proxy_sign_out: str | None = Field(None, description="where one signs out of the proxy")
    limit_reviews: int = Field(
        60, ge=0, description="reviews with a language model an hour, for each person; 0: no limit"
    )
    limit_scans: int = Field(20, ge=0, description="scans an hour, for each person")
    limit_uploads: int = Field(200, ge=0, description="files uploaded an hour, for each person")
    limit_indexing: int = Field(20, ge=0, description="times an hour that one person may index")
    limit_evals: int = Field(20, ge=0, description="evaluation runs an hour, for each person")
    limit_sign_in: int = Field(
        10, ge=0, description="failures to sign in, in a quarter of an hour, for each address"
    )

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences a reader belongs to; everyone belongs to ``everyone``."""
        named = (part.strip() for part in self.audience.split(","))
        return frozenset({EVERYONE, *(part for part in named if part)})

    @property
    def llm_configured(self) -> bool:
        """Whether a language model can be asked at all."""
        return bool(self.llm_base_url and self.llm_model)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put ``okr.toml`` between the environment and the defaults."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Args:
        overrides: values from the command line; None means not given.

    Raises:
        ConfigurationError: a value is malformed; the message names the setting.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigurationError(_explain(error)) from None
    except ValueError as error:
        raise ConfigurationError(f"okr.toml cannot be read: {error}.") from None


def _explain(error: ValidationError) -> str:
    lines = []
    for item in error.errors():
        name = ".".join(str(part) for part in item["loc"])
        variable = str(item["loc"][0]).upper()
        lines.append(
            f"The setting {name!r} (environment variable OKR_{variable}) is wrong: {item['msg']}."
        )
    return "\n".join(lines)
