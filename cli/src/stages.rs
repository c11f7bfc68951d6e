//! Stages of a recipe in words: titles, settings, properties.

use bluegrad::optimizer::{Curve, Method};
use bluegrad::recipe::{
    Coupling, Fill, FilterFill, FilterPolish, Front, Law, Mixture, Polish, Ranks, Swap, VoidAndCluster,
};
use bluegrad::{Recipe, Schedule, Spectral, Stage, TermWeight};

/// Names and values of the settings of a stage.
pub(crate) type Settings = Vec<(&'static str, String)>;

/// Returns the title of a stage, for people.
pub(crate) fn title(stage: &Stage) -> &'static str {
    match stage {
        Stage::Spectral(_) => "descent on the spectrum",
        Stage::Fill(stage) if stage.exact != 0 => "exact void fill",
        Stage::Fill(_) => "void fill",
        Stage::FilterFill(_) => "void fill for filters",
        Stage::VoidAndCluster(_) => "void-and-cluster",
        Stage::Front(_) => "descent behind a front",
        Stage::Polish(stage) if stage.law == Law::Added => "polish for added noise",
        Stage::Polish(_) => "polish",
        Stage::Swap(_) => "swaps for few levels",
        Stage::FilterPolish(_) => "polish for filters",
        _ => stage.name(),
    }
}

/// Whether a stage places pixels: before its end, some pixels have no rank.
pub(crate) fn places(stage: &Stage) -> bool {
    matches!(stage, Stage::Fill(_) | Stage::FilterFill(_) | Stage::VoidAndCluster(_))
}

/// Number of levels of the swap stage, if there is one.
pub(crate) fn levels(recipe: &Recipe) -> Option<u32> {
    recipe.stages().iter().find_map(|stage| match stage {
        Stage::Swap(stage) => Some(stage.levels),
        _ => None,
    })
}

/// Returns the settings of a stage, its number of steps first.
pub(crate) fn settings(stage: &Stage, elements: usize) -> Settings {
    let own = match stage {
        Stage::Spectral(stage) => spectral(stage),
        Stage::Fill(stage) => fill(stage),
        // makes flat masks only, so elements are pixels
        Stage::VoidAndCluster(stage) => void_and_cluster(stage, elements),
        Stage::Front(stage) => front(stage),
        Stage::Polish(stage) => polish(stage),
        Stage::Swap(stage) => swap(stage),
        Stage::FilterFill(stage) => filter_fill(stage),
        Stage::FilterPolish(stage) => filter_polish(stage),
        _ => Vec::new(),
    };
    [vec![("Steps", stage.steps(elements).to_string())], own].concat()
}

fn fill(stage: &Fill) -> Settings {
    let narrow = match stage.narrow_weight {
        0.0 => "none".to_string(),
        weight => format!("σ = {}, weight {}", number(stage.narrow_sigma), number(weight)),
    };
    let mut settings = vec![
        ("Gaussian of a placed pixel, pixels", format!("σ = {}, radius {}", number(stage.sigma), stage.radius)),
        ("Subtracted narrow Gaussian, pixels", narrow),
        ("Largest void", if stage.exact == 0 { "of each tile" } else { "of the whole mask" }.to_string()),
        ("Noise, multiple of the default", number(stage.disorder)),
    ];
    settings.extend(coupling(&stage.coupling));
    settings
}

/// Settings of layers, where a stage couples them.
fn coupling(coupling: &Coupling) -> Option<(&'static str, String)> {
    (coupling.time_weight > 0.0).then(|| {
        let (weight, radius) = (number(coupling.time_weight), coupling.time_radius);
        (
            "Time: weight, radius and Gaussians in layers",
            format!("{weight}, {radius}, {}", mixture(&coupling.time_kernel)),
        )
    })
}

fn void_and_cluster(stage: &VoidAndCluster, pixels: usize) -> Settings {
    let initial = (f64::from(stage.initial_fraction) * pixels as f64).ceil();
    vec![
        ("Gaussian, pixels", format!("σ = {}", number(stage.sigma))),
        ("Initial random pattern", format!("{} of the pixels, {initial}", number(stage.initial_fraction))),
    ]
}

fn front(stage: &Front) -> Settings {
    vec![
        ("Kernel, pixels", format!("σ = {}, radius {}", number(stage.sigma), stage.radius)),
        ("Step size", number(stage.step_size)),
        ("Momentum", number(stage.momentum)),
        ("Threshold", schedule(&stage.threshold)),
    ]
}

fn polish(stage: &Polish) -> Settings {
    let ends = if stage.ends.is_none() {
        "the same".to_string()
    } else {
        let (inner, outer) = (number(stage.ends_inner), number(stage.ends_outer));
        format!("{}; only these up to {inner} of the ranks, none from {outer} on", mixture(&stage.ends))
    };
    let band = match stage.band_weight {
        0.0 => "none".to_string(),
        weight => {
            let (cutoff, exponent) = (number(stage.band_cutoff), number(stage.band_exponent));
            format!("weight {}, cut-off {cutoff} cycles/pixel, exponent {exponent}", number(weight))
        }
    };
    let grey = if stage.has_grey() {
        format!("σ = {}, weight {}", number(stage.grey_sigma), schedule(&stage.grey_weight))
    } else {
        "none".to_string()
    };
    let frozen = match stage.freeze_above {
        0.0 => "none".to_string(),
        above => {
            format!("below {} of the ranks; free above {}", number(stage.freeze_below), number(above))
        }
    };
    let mut settings = vec![
        ("Gaussians of the kernel, pixels", mixture(&stage.kernel)),
        ("Radius of the kernel, exponent of its taper", format!("{}, {}", stage.radius, number(stage.taper))),
        ("Gaussians for the darkest and brightest ranks", ends),
        ("Low-pass in the kernel", band),
        ("Grey term, pixels", grey),
        ("Step size", schedule(&stage.step_size)),
        ("Momentum", number(stage.momentum)),
        ("Clamp of differences", schedule(&stage.tau)),
        ("Frozen pixels", frozen),
    ];
    settings.extend(coupling(&stage.coupling));
    if stage.product_weight > 0.0 {
        let (weight, sigma) = (number(stage.product_weight), number(stage.product_sigma));
        settings.push(("Pixels around in other layers: weight, Gaussian in pixels", format!("{weight}, σ = {sigma}")));
    }
    settings
}

fn swap(stage: &Swap) -> Settings {
    vec![
        ("Levels", stage.levels.to_string()),
        ("Gaussians of the kernel, pixels", mixture(&stage.kernel)),
        ("Radius of the kernel, exponent of its taper", format!("{}, {}", stage.radius, number(stage.taper))),
        ("Reach of a swap along each axis, pixels", stage.reach.to_string()),
    ]
}

fn filter_fill(stage: &FilterFill) -> Settings {
    let tent = match stage.tent {
        0 => "none".to_string(),
        layers => format!("{layers} layers"),
    };
    vec![
        ("Powers of the kernel in space and in time", format!("{}, {}", number(stage.power), number(stage.time_power))),
        ("Radius in space, pixels", stage.radius.to_string()),
        ("Tent in time", tent),
        ("Noise, multiple of the default", number(stage.disorder)),
    ]
}

fn filter_polish(stage: &FilterPolish) -> Settings {
    vec![
        ("Radius of the taps in space, in layers", format!("{}, {}", stage.radius, stage.time_radius)),
        ("Part of the kernel in the taps", number(stage.share)),
        ("Step size", schedule(&stage.step_size)),
        ("Momentum", number(stage.momentum)),
        ("Clamp of differences, multiple of 1/n_eff", schedule(&stage.tau)),
    ]
}

/// Lists Gaussians with their weights.
fn mixture(mixture: &Mixture) -> String {
    let parts: Vec<(f32, f32)> = mixture.sigma.into_iter().zip(mixture.weight).filter(|part| part.1 > 0.0).collect();
    match parts[..] {
        [(sigma, _)] => format!("σ = {}", number(sigma)),
        _ => {
            let parts: Vec<String> = parts
                .iter()
                .map(|(sigma, weight)| format!("σ = {}, weight {}", number(*sigma), number(*weight)))
                .collect();
            parts.join("; ")
        }
    }
}

/// Formats a number with four significant digits.
///
/// More digits would show rounding errors of f32.
fn number(number: f32) -> String {
    if number == 0.0 {
        return "0".to_string();
    }
    let decimals = (3 - number.abs().log10().floor() as i32).max(0) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

fn spectral(stage: &Spectral) -> Settings {
    vec![
        ("Optimiser", optimizer(stage)),
        ("Step size", schedule(&stage.step_size)),
        ("Step size of the histogram term", schedule(&stage.histogram_step_size)),
        ("Weight of the low band", term(&stage.low_band)),
        ("Cut-off of the low band, cycles/pixel", stage.cutoff.to_string()),
        ("Weight of smoothness", term(&stage.smoothness)),
        ("Weight of the radial profile", term(&stage.profile)),
        ("Weight of the histogram, kind of ranks", histogram(stage)),
        (
            "Projection onto exact ranks",
            match stage.projection_period {
                0 => "after the run".to_string(),
                period => format!("every {period} steps"),
            },
        ),
    ]
}

fn optimizer(stage: &Spectral) -> String {
    let momentum = stage.optimizer.momentum;
    match stage.optimizer.method {
        Method::GradientDescent => "gradient descent".to_string(),
        Method::HeavyBall => format!("heavy ball, momentum {momentum}"),
        _ => format!("Adam, momenta {momentum} and {}", stage.optimizer.second_momentum),
    }
}

fn schedule(schedule: &Schedule) -> String {
    let Schedule { curve, start, end } = schedule;
    match curve {
        Curve::Constant => start.to_string(),
        Curve::Geometric => format!("{start} to {end}, geometric"),
        _ => format!("{start} to {end}, linear"),
    }
}

fn term(term: &TermWeight) -> String {
    match (term.weight, term.randomized) {
        (0.0, _) => "none".to_string(),
        (weight, 0) => weight.to_string(),
        (weight, _) => format!("{weight} × U(0,\u{a0}1)"),
    }
}

fn histogram(stage: &Spectral) -> String {
    let ranks = match stage.ranks {
        Ranks::Exact => "exact",
        _ => "binned",
    };
    format!("{}, {ranks}", term(&stage.histogram))
}
