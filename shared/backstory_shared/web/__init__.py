"""What both APIs have in common: problems, correlation, limits, keys, health and metrics."""

from backstory_shared.checks import Check
from backstory_shared.web.app import VERSION, web_app
from backstory_shared.web.auth import key_guard
from backstory_shared.web.basics import add_web_basics
from backstory_shared.web.correlation import CorrelationMiddleware
from backstory_shared.web.docs import docs_routes
from backstory_shared.web.health import health_routes
from backstory_shared.web.hosts import HostMiddleware
from backstory_shared.web.limits import Limits, LimitsMiddleware
from backstory_shared.web.metrics import (
    ArchiveMetrics,
    HttpMetrics,
    MetricsMiddleware,
    metrics_routes,
)
from backstory_shared.web.problem import (
    PROBLEM_JSON,
    Problem,
    ProblemMiddleware,
    add_problem_handlers,
    answer_with_problem,
    problem_of,
)
from backstory_shared.web.server import (
    Stop,
    bound,
    end_in_order,
    put_readers_first,
    serve,
    server_config,
)

__all__ = [
    "PROBLEM_JSON",
    "VERSION",
    "ArchiveMetrics",
    "Check",
    "CorrelationMiddleware",
    "HostMiddleware",
    "HttpMetrics",
    "Limits",
    "LimitsMiddleware",
    "MetricsMiddleware",
    "Problem",
    "ProblemMiddleware",
    "Stop",
    "add_problem_handlers",
    "add_web_basics",
    "answer_with_problem",
    "bound",
    "docs_routes",
    "end_in_order",
    "health_routes",
    "key_guard",
    "metrics_routes",
    "problem_of",
    "put_readers_first",
    "serve",
    "server_config",
    "web_app",
]
