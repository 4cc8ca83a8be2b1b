"""Service orders (五单服务): 居民点单、支部议单、社区派单、党员接单, finished, and rated by resident and branch."""
