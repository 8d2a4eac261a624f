"""The letters about a week read several features: what they tell of, and what a reader sees."""
