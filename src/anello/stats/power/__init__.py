"""Power and plans: what so many units and waves could find, before anything is asked."""
