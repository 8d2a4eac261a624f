"""The torture of the chat: everything that can die dies while people talk; nothing may be lost."""
