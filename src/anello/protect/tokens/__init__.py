"""Who may answer once, without anybody knowing who it is: tokens, cards and panel names."""
