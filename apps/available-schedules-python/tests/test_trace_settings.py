import pytest

from available_schedules.process.settings_error import SettingsError
from available_schedules.process.trace_settings import TraceSettings


def test_without_any_variable_exports_nothing_and_follows_the_caller() -> None:
    settings = TraceSettings.from_environment({})
    assert settings == TraceSettings(None, ("tracecontext",), "parentbased_always_on", 1.0, 5000, 2048, 512)


def test_reads_every_variable() -> None:
    assert TraceSettings.from_environment(
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318/otlp/",
            "OTEL_PROPAGATORS": "tracecontext, baggage",
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": "0.25",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "OTEL_BSP_MAX_QUEUE_SIZE": "64",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "32",
        }
    ) == TraceSettings(
        *("https://collector:4318/otlp", ("tracecontext", "baggage"), "parentbased_traceidratio", 0.25),
        *(100, 64, 32),
    )


def test_an_empty_variable_counts_as_unset() -> None:
    names = [
        *(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_PROPAGATORS",
            "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG",
        ),
        *("OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"),
        "OTEL_SDK_DISABLED",
    ]
    assert TraceSettings.from_environment(dict.fromkeys(names, "")) == TraceSettings()


def test_none_is_no_propagator() -> None:
    assert TraceSettings.from_environment({"OTEL_PROPAGATORS": "none"}).propagators == ()


def test_a_small_queue_has_small_batches() -> None:
    assert TraceSettings.from_environment({"OTEL_BSP_MAX_QUEUE_SIZE": "10"}).max_export_batch_size == 10


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "must be the http or https URL of a collector"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://collector", "must be the http or https URL of a collector"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://", "must be the http or https URL of a collector"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:70000", "must be the http or https URL of a collector"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c/?a=b", "must be the http or https URL of a collector"),
        ("OTEL_PROPAGATORS", "b3", "must be none or a list of tracecontext and baggage"),
        ("OTEL_PROPAGATORS", "tracecontext,none", "must be none or a list of tracecontext and baggage"),
        ("OTEL_TRACES_SAMPLER", "sometimes", "must be one of always_on, always_off, parentbased_always_on"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0", "must be a whole number from 1 to 999999999"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1s", "must be a whole number from 1 to 999999999"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-1", "must be a whole number from 1 to 999999999"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "9" * 10, "must be a whole number from 1 to 999999999"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "²", "must be a whole number from 1 to 999999999"),
    ],
)
def test_refuses_a_value_and_names_its_variable(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        TraceSettings.from_environment({name: value})
    assert str(refused.value).startswith(f"{name} {told}")
    assert f"but is {value!r}; try " in str(refused.value)


def test_refuses_batches_above_the_queue() -> None:
    with pytest.raises(
        SettingsError, match=r"BATCH_SIZE must be at most .*QUEUE_SIZE, which is 2048, but is 2049"
    ):
        TraceSettings.from_environment({"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "2049"})


@pytest.mark.parametrize("ratio", ["1.1", "-0.1", "nan", "half"])
def test_refuses_a_ratio_that_is_none(ratio: str) -> None:
    asked = {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": ratio}
    with pytest.raises(SettingsError, match=f"SAMPLER_ARG must be a number from 0 to 1, but is '{ratio}'"):
        TraceSettings.from_environment(asked)


def test_refuses_to_go_without_spans() -> None:
    with pytest.raises(SettingsError, match="OTEL_SDK_DISABLED must not be true"):
        TraceSettings.from_environment({"OTEL_SDK_DISABLED": "True"})
