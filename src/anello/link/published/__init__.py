"""What others have published about the links of the chain, shown beside one's own figures."""
