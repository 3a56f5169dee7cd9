"""How a model is fitted."""

from dataclasses import dataclass, field

from recommender.features import FeatureWeights


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How to fit.

    Attributes
    ----------
    seed : int
        Same seed, same data: the same model, bit for bit.
    models : int
        Sub-models fitted apart, whose scores are added: their chance errors cancel out.
    dims : int
        Dimensions of each sub-model.
    neighbour_dims : int
        Dimensions of the part that is worked out from movies rated together; see
        `recommender.neighbours`.
    serving_dims : int
        Dimensions to which all sub-models together are reduced, if they have more; see
        `recommender.compression`.
    cuts : int
        Times each user is cut into a virtual user, per sub-model; fewer in a large community.
    most_virtual_users : int
        Virtual users per sub-model, about. A community that has more people is not cut whole by each
        sub-model: each draws its own people.
    most_virtual_friends : int
        The same for the friends that a bot adds to a community, so that a fit takes about as long whether
        a thousand of them rate or a hundred thousand. They take no place from the community.
    epochs : int
    most_targets : int
        Positives per virtual user, at most.
    negatives : int
        Movies that WARP looks at, at most, for one that is ranked too high (LightFM's ``max_sampled``). Lists
        are judged by their first places, and it takes a long look to find what is wrong there.
    learning_rate : float
    regularisation : float
        L2 penalty on all embeddings (LightFM's ``item_alpha`` and ``user_alpha``).
    content_fans : int
        Invented people there are to be beside the virtual users while these are fewer; see
        `recommender.virtual.content_fans`.
    weights : FeatureWeights
    threads : int
        Sub-models fitted at the same time; does not change the result.
    """

    seed: int = 0
    models: int = 10
    dims: int = 32
    neighbour_dims: int = 128
    serving_dims: int = 80
    cuts: int = 16
    most_virtual_users: int = 60_000
    most_virtual_friends: int = 9_000
    epochs: int = 3
    most_targets: int = 30
    negatives: int = 60
    learning_rate: float = 0.08
    regularisation: float = 3e-5
    content_fans: int = 1500
    weights: FeatureWeights = field(default_factory=FeatureWeights)
    threads: int = 2
