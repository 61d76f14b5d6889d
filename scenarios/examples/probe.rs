//! probe
fn main() {
    for folder in std::env::args().skip(1) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).unwrap();
            let result = if name.ends_with("policy.yaml") {
                scenarios::load::policy(&name, &bytes).map(drop)
            } else if name.ends_with("world.yaml") {
                scenarios::load::world(&name, &bytes).map(drop)
            } else if name.ends_with("scenario.yaml") {
                scenarios::load::scenario(&name, &bytes).map(drop)
            } else {
                continue;
            };
            match result {
                Ok(()) => println!("ok {name}"),
                Err(r) => println!("{r}"),
            }
        }
    }
}
