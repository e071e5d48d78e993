use vergen_gitcl::{Emitter, GitclBuilder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let git = GitclBuilder::default().describe(true, true, None).sha(false).build()?;
    Emitter::default().add_instructions(&git)?.emit()
}
