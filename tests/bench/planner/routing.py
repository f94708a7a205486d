"""OR-Tools routing on a published TOPTW instance, which it can express: a penalty for each customer left out."""

from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from tests.support.toptw import customers_of, distance, units_of


def routed_score(instance: str, num_routes: int, seconds: int) -> int:
    """The score of the best routes that guided local search finds within the seconds; driving breaks ties."""
    points = customers_of(instance)
    manager = pywrapcp.RoutingIndexManager(len(points), num_routes, 0)
    routing = pywrapcp.RoutingModel(manager)
    drives = [[distance(instance, a, b) for b in points] for a in points]
    stays = [customer.service * units_of(instance) for customer in points]
    moving = routing.RegisterTransitMatrix([[leg + stays[row] for leg in legs] for row, legs in enumerate(drives)])
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(drives))
    latest = points[0].closes * units_of(instance)
    routing.AddDimension(moving, latest, latest, False, "time")
    time = routing.GetDimensionOrDie("time")
    # A point of score is worth more than all the driving that the routes have time for.
    weight = num_routes * latest + 1
    for node in range(1, len(points)):
        index = manager.NodeToIndex(node)
        opens, closes = points[node].opens * units_of(instance), points[node].closes * units_of(instance)
        time.CumulVar(index).SetRange(opens, min(closes, latest))
        routing.AddDisjunction([index], points[node].score * weight)
    solution = routing.SolveWithParameters(_parameters(seconds))
    if solution is None:
        return 0
    return sum(point.score for point in points) - int(solution.ObjectiveValue()) // weight


def _parameters(seconds: int) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = seconds
    return parameters
