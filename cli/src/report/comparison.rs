//! The page of `compare`: masks side by side.

mod plots;

use super::dithered;
use super::plot::{COLORS, legend};
use super::{document, escaped, figure};
use crate::failure::Result;
use crate::measured::{Figure, Measured};

/// Keys of the figures that stand first, the others are in the table at the end.
const FIRST: [&str; 11] = [
    "hvs_error_mean_db_sigma_1.0",
    "hvs_error_mean_db_sigma_1.5",
    "hvs_error_mean_db_sigma_3.0",
    "hvs_error_worst_db_sigma_1.5",
    "peak_mean",
    "peak_worst",
    "low_frequency_db",
    "rms_thousandths_sigma_1.5",
    "low_power_db_radius_0.25",
    "flatness_db",
    "pattern_anisotropy_db",
];

/// A figure of all masks.
pub(crate) struct Row {
    /// Its value is the first mask's.
    pub(crate) figure: Figure,
    /// As they are printed.
    pub(crate) cells: Vec<String>,
    /// Which are the best: several where they print alike, none where all do.
    pub(crate) best: Vec<bool>,
}

/// The page; `names` are those of the masks.
pub(crate) fn page(all: &[Measured], names: &[String], rows: &[Row]) -> Result<String> {
    let key = dithered::key()?;
    let strips: String = all.iter().zip(names).map(|(mask, name)| strip(mask, name)).collect::<Result<_>>()?;
    let plots: String = plots::plots(all)?.iter().map(figure).collect();
    let colors: Vec<_> = COLORS.into_iter().zip(names.iter().cloned()).collect();
    let legend = legend(&colors);
    let first: Vec<&Row> = rows.iter().filter(|row| FIRST.contains(&row.figure.key.as_str())).collect();
    let body = format!(
        "\
<header>
<p class=\"kind\">Blue-noise masks</p>
<h1>{count} masks <span>side by side</span></h1>
</header>
<main>
{overview}<section>
<h2>Dithered grey</h2>
{key}{strips}</section>
<section>
<h2>Curves</h2>
{legend}<div class=\"figures\">
{plots}</div>
</section>
{table}</main>
",
        count = all.len(),
        overview = overview(all, names, &first),
        table = table("All figures", names, &rows.iter().collect::<Vec<_>>()),
    );
    Ok(document(&format!("bluegrad: {}", names.join(", ")), &body, ""))
}

/// What the masks are, and their main figures.
fn overview(all: &[Measured], names: &[String], rows: &[&Row]) -> String {
    let entry = |(mask, name): (&Measured, &String)| {
        let Measured { file, histogram, shape, .. } = mask;
        let (name, file) = (escaped(name), escaped(file));
        format!(
            "<tr><th scope=\"row\">{name}</th><td>{} × {}</td><td>{histogram}</td><td>{file}</td></tr>\n",
            shape.width, shape.height
        )
    };
    let masks: String = all.iter().zip(names).map(entry).collect();
    format!(
        "<section class=\"table\">\n<table class=\"masks\">\n<thead><tr><td></td><th scope=\"col\">Pixels</th>\
         <th scope=\"col\">Histogram</th><th scope=\"col\">File</th></tr></thead>\n<tbody>\n{masks}</tbody>\n</table>\n</section>\n{}",
        table("Main figures", names, rows)
    )
}

/// Figures with the best of each row in bold.
fn table(title: &str, names: &[String], rows: &[&Row]) -> String {
    let head: String = names.iter().map(|name| format!("<th scope=\"col\">{}</th>", escaped(name))).collect();
    let mut body = String::new();
    let mut group = "";
    for Row { figure, cells, best } in rows {
        if figure.group != group {
            group = &figure.group;
            body += &format!(
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
                cells.len() + 1,
                typeset(group)
            );
        }
        let cells = cells.iter().zip(best).map(|(cell, best)| {
            let cell = escaped(&cell.replace('-', "−"));
            if *best { format!("<td><strong>{cell}</strong></td>") } else { format!("<td>{cell}</td>") }
        });
        body += &format!("<tr><th scope=\"row\">{}</th>{}</tr>\n", typeset(&figure.name), cells.collect::<String>());
    }
    format!(
        "<section class=\"table\">\n<h2>{title}</h2>\n<table class=\"numbers\">\n<thead><tr><td>Relative to white noise; bold is best</td>{head}</tr></thead>\n\
         <tbody>\n{body}</tbody>\n</table>\n</section>\n"
    )
}

/// A figure's name as a page can show it, which a terminal may not.
fn typeset(name: &str) -> String {
    let signs = [("<=", "≤"), ("x 1e-3", "× 10⁻³"), ("x white", "× white"), ("sigma", "σ =")];
    escaped(&signs.iter().fold(name.to_string(), |name, (from, to)| name.replace(from, to)))
}

fn strip(mask: &Measured, name: &str) -> Result<String> {
    let (width, height) = (mask.shape.width, mask.shape.height);
    let strip = dithered::strip(&mask.dithered)?;
    Ok(format!(
        "<section class=\"mask\">\n<h2>{} <span>{width} × {height}</span></h2>\n{strip}</section>\n",
        escaped(name)
    ))
}
