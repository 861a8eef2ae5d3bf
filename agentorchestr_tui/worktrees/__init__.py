"""A branch and a folder a worker: worktrees, snapshots of them, and the merging of their branches."""
