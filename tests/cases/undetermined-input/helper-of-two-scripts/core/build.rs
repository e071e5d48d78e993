fn main() {
    watcher::watch();
}
