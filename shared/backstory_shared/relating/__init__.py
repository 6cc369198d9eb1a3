"""What is related to an article, and which articles are about one event: rules, and finding."""
