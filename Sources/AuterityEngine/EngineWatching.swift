extension EngineCore {
    /// Begins what looks after the engine itself.
    func beginWatching() {}
}
