"""`make run`: the whole product on one machine, with demo data, a demo site and stand-ins for n8n and ChatKit."""
