//! Attack paths on large graphs: best costs, the 5 best loopless paths of all pairs of actor and crown jewel, the fewest
//! nodes between all of them, single points of failure. Prints medians, and the sums by which other tools are compared.
//!
//! Run: `benches/paths.sh`, which makes the graphs; or `cargo bench --bench paths -- FOLDER/n1000 FOLDER/n10000` on
//! folders that hold a `model.json` of `gen_dfd.py`.
#![allow(clippy::unwrap_used, missing_docs)]

use sandtable::analysis::attack::cuts::{Dominators, fewest_nodes};
use sandtable::analysis::attack::digraph::{Arc, Digraph, length_of};
use sandtable::analysis::attack::kpaths::Routes;
use std::collections::HashMap;
use std::time::Instant;

const PATHS: usize = 5;
const RUNS: usize = 9;

struct Sample {
    graph: Digraph,
    actors: Vec<u32>,
    jewels: Vec<u32>,
}

fn read(folder: &str) -> Sample {
    let text = std::fs::read_to_string(format!("{folder}/model.json")).unwrap();
    let model: serde_json::Value = serde_json::from_str(&text).unwrap();
    let elements = model["elements"].as_array().unwrap();
    let number: HashMap<&str, u32> =
        (0..).zip(elements).map(|(at, element)| (element["id"].as_str().unwrap(), at)).collect();
    let end = |flow: &serde_json::Value, name: &str| number[flow[name].as_str().unwrap()];
    let arcs = model["flows"].as_array().unwrap().iter().map(|flow| Arc {
        from: end(flow, "from"),
        to: end(flow, "to"),
        length: length_of(flow["p"].as_f64().unwrap()),
    });
    let having = |test: &dyn Fn(&serde_json::Value) -> bool| {
        (0..).zip(elements).filter(|(_, element)| test(element)).map(|(at, _)| at).collect()
    };
    Sample {
        graph: Digraph::new(elements.len(), arcs.collect()),
        actors: having(&|element| element["kind"] == "actor"),
        jewels: having(&|element| element["crown_jewel"] == true),
    }
}

/// The median of several runs in milliseconds, and what they give.
fn timed<T>(run: impl Fn() -> T) -> (f64, T) {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        last = Some(run());
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], last.unwrap())
}

fn main() {
    let folders: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if folders.is_empty() {
        println!("paths: name folders that hold a model.json of gen_dfd.py, or run benches/paths.sh");
    }
    for folder in folders {
        let sample = read(&folder);
        let (graph, actors, jewels) = (&sample.graph, &sample.actors, &sample.jewels);
        println!(
            "{folder}: {} nodes, {} arcs, {} actors, {} jewels",
            graph.len(),
            graph.arcs().len(),
            actors.len(),
            jewels.len()
        );
        let (time, (pairs, sum)) = timed(|| {
            let mut found = (0, 0u128);
            for jewel in jewels {
                let ways = graph.ways_to(&[*jewel]);
                for actor in actors.iter().filter(|actor| ways.reaches(**actor as usize)) {
                    found = (found.0 + 1, found.1 + u128::from(ways.length[*actor as usize]));
                }
            }
            found
        });
        println!("  best costs      {time:9.3} ms   {pairs} pairs, sum {:.6}", sum as f64 / 1e12);
        let (time, (paths, sum, complete)) = timed(|| {
            let mut found = (0, 0u128, true);
            for jewel in jewels {
                let mut routes = Routes::new(graph, &[*jewel]);
                for actor in actors {
                    let routes = routes.from(*actor, PATHS);
                    found.0 += routes.len();
                    found.1 += routes.iter().map(|route| u128::from(route.length)).sum::<u128>();
                }
                found.2 &= routes.is_complete();
            }
            found
        });
        println!(
            "  k = {PATHS} paths     {time:9.3} ms   {paths} paths, sum {:.6}, complete {complete}",
            sum as f64 / 1e12
        );
        let (time, cut) = timed(|| fewest_nodes(graph, actors, jewels, |_| true).map(|cut| cut.len()));
        println!("  fewest nodes    {time:9.3} ms   {cut:?}");
        // All actors behind one node, from which everything that they reach is seen.
        let source = graph.len() as u32;
        let behind = actors.iter().map(|actor| Arc { from: source, to: *actor, length: 0 });
        let joined = Digraph::new(graph.len() + 1, graph.arcs().iter().copied().chain(behind).collect());
        let (time, passed) = timed(|| {
            let dominators = Dominators::new(&joined, source, |_| true);
            jewels.iter().filter_map(|jewel| dominators.of(*jewel)).map(|passed| passed.len()).sum::<usize>()
        });
        println!("  single points   {time:9.3} ms   {passed}");
    }
}
