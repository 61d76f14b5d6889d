//! scratch
fn main() {
    for s in scenarios::library::systems() {
        for d in scenarios::difference::of(s) {
            if d.gap.is_none() || std::env::args().count() > 1 {
                println!("== {} {:?}", s.name, d.gap.map(|g| g.id));
                for f in d.fields {
                    println!(
                        "{} | {} | {}",
                        f.path,
                        f.as_written.map_or("-".into(), |v| v
                            .to_string()
                            .chars()
                            .take(60)
                            .collect::<String>()),
                        f.as_implemented.map_or("-".into(), |v| v
                            .to_string()
                            .chars()
                            .take(60)
                            .collect::<String>())
                    );
                }
            }
        }
    }
}
